"""Arrays in, arrays out: the arithmetic, with numpy and scipy only. No pandas, no files, no global randomness."""
