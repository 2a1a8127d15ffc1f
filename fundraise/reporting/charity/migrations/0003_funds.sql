-- What charities called purposes are funds, and a campaign's is the one that it was bound to.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM charity_giftpurpose o
               JOIN gifts_gift g ON g.id = o.gift_id
               LEFT JOIN charity_campaignpurpose c ON c.campaign_id = g.campaign_id
              WHERE o.purpose_id IS DISTINCT FROM c.purpose_id) THEN
    RAISE EXCEPTION 'charity: a gift is bound to another purpose than its campaign'
      USING HINT = 'Undo its match and match it to a campaign of that purpose, then migrate.';
  END IF;
END $$;

INSERT INTO campaigns_fund (ref, entity_id, name_sv, name_en, purpose_sv, purpose_en, is_default)
SELECT DISTINCT ON (entity_id, lower(name)) ref, entity_id, name, name, '', '', false
  FROM charity_purpose ORDER BY entity_id, lower(name), id
    ON CONFLICT DO NOTHING;

UPDATE charity_fundspend s SET fund_id = f.id
  FROM charity_purpose p JOIN campaigns_fund f
    ON f.entity_id = p.entity_id AND lower(p.name) IN (lower(f.name_sv), lower(f.name_en))
 WHERE p.id = s.purpose_id;

ALTER TABLE campaigns_campaign DISABLE TRIGGER promised_fund_stays;
UPDATE campaigns_campaign c SET fund_id = f.id
  FROM charity_campaignpurpose b JOIN charity_purpose p ON p.id = b.purpose_id
  JOIN campaigns_fund f
    ON f.entity_id = p.entity_id AND lower(p.name) IN (lower(f.name_sv), lower(f.name_en))
 WHERE b.campaign_id = c.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE campaigns_campaign ENABLE TRIGGER promised_fund_stays;
