# delegation
