def clean_name(t): return t.strip()
def stroke_key(n): return n
def search_keys(n): return n
