"""Is a goal reached, and how many people would it take to know?"""
