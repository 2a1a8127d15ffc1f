"""Files taken out: plain writers, the register of what was taken, files kept until they expire."""
