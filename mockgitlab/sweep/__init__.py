"""Running a command once without traps and once in each, to see which break it: mutation testing for a client."""
