"""Is a text fit for a report: no cause claimed, no share without its denominator, one language, our numbers?"""
