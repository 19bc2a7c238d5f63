"""Made-up Chinese prose for measuring search: as many words and characters as a real archive has.

The sentences of the plan repeat too much to tell anything about an index. Here 40 000 words of one to
four of the 3 755 common characters (level 1 of GB 2312) are drawn by Zipf's law, as words of real texts
are distributed, with punctuation between them.
"""
import bisect
import itertools
import random

WORDS = 40_000
LENGTHS = [1, 2, 2, 2, 2, 2, 2, 3, 3, 4]


def characters():
    """The characters of level 1 of GB 2312, in its order."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    decoded = (pair.decode("gb2312", errors="ignore") for pair in rows)
    return [character for character in decoded if character]


class Corpus:
    """Prose that is the same for the same seed."""

    def __init__(self, seed):
        rng = random.Random(seed)
        pool = characters()
        rng.shuffle(pool)
        weights = list(itertools.accumulate(1 / (rank + 40) for rank in range(len(pool))))

        def character():
            return pool[bisect.bisect(weights, rng.random() * weights[-1])]

        words = dict.fromkeys(pool)
        while len(words) < WORDS:
            words["".join(character() for _ in range(rng.choice(LENGTHS)))] = None
        self.words = list(words)
        rng.shuffle(self.words)
        self.weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(WORDS)))

    def sentence(self, rng):
        """A sentence of eight to thirty words."""
        length = rng.randint(8, 30)
        drawn = [bisect.bisect(self.weights, rng.random() * self.weights[-1]) for _ in range(length)]
        parts = [self.words[place] for place in drawn]
        for at in range(6, length - 2, rng.randint(5, 9)):
            parts[at] += "，"
        return "".join(parts) + "。"
