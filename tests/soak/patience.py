"""How long the checks of a soak wait for promises that are kept late."""


class Patience:
    """Is over when, for a time, no fewer promises have been broken than before.

    >>> patience = Patience(300, now=0)
    >>> patience.is_over(broken=40, now=290), patience.is_over(broken=39, now=580)
    (False, False)
    >>> patience.is_over(broken=39, now=870), patience.is_over(broken=41, now=890)
    (False, True)
    """

    def __init__(self, seconds, now):
        self.seconds, self.fewest, self.progress = seconds, None, now

    def is_over(self, broken, now):
        if self.fewest is None or broken < self.fewest:
            self.fewest, self.progress = broken, now
        return now - self.progress > self.seconds
