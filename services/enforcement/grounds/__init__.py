"""The grounds of a referral: ten rules, asked of a failed sample and of stated facts, and what weighs."""
