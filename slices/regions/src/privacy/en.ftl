regions-holds-policy = Rules of a region
regions-holds-policy-data = The rule, the number of the account that set it, and when.
regions-holds-policy-why = So that it is clear who decided.
regions-holds-policy-seen = Everyone, with the name of who set it
regions-kept-policy = Until the rule is replaced
regions-act-policy = Rule of a region changed
