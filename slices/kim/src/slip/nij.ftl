# slips
