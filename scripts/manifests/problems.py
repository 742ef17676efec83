"""What was counted, and what is wrong."""


class Problems:
    def __init__(self):
        self.found = []
        self.counts = []

    def add(self, where, words):
        text = f"{where}: {words}"
        if text not in self.found:
            self.found.append(text)

    def counted(self, words):
        self.counts.append(words)
        print(f"  {words}")

    def require_same(self, where, what, have, want):
        """Two sets must be equal; tells the difference in both directions."""
        for item in sorted(set(want) - set(have)):
            self.add(where, f"{what}: {item} is missing")
        for item in sorted(set(have) - set(want)):
            self.add(where, f"{what}: {item} is too much")

    def tell(self):
        for text in self.found:
            print(f"  PROBLEM {text}")
