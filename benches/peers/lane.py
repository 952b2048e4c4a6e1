"""A core with a worker of each peer and a scorer, which renders variants and scores them."""

from pathlib import Path

import references
import settings
import workers


class Lane:
    """A lane. Only one thread at a time may use it."""

    def __init__(self, commands, scorer, core, cache):
        self.commands = commands
        self.core = core
        self.running = {}
        self.scorer = workers.Process([scorer], core)
        self.references = cache / "references"
        self.folder = cache / f"lane-{core}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def ask(self, peer, job):
        variables = settings.environment(peer, job)
        key = (peer, *variables.items())
        if key not in self.running:
            self.running[key] = workers.Worker(self.commands[peer], self.core, variables)
        return self.running[key].ask(job)

    def versions(self):
        """{peer: version} of the peers that ran."""
        return {peer: worker.greeting["version"] for (peer, *_), worker in self.running.items()}

    def measured(self, peer, job):
        """Renders a job's variant. Returns the peer's answer with the score in each light. Fails if the peer fails."""
        save = self.folder / f"variant.{job['format']}"
        answer = self.ask(peer, {**job, "save": str(save)})
        if "error" in answer:
            return answer
        return {**answer, "scores": self.scores(Path(job["input"]), save)}

    def scores(self, source, variant):
        """The SSIMULACRA2 of a variant against the reference in each light, as {light: score}."""
        image = references.opened(variant)
        samples = self.folder / "variant.rgb"
        samples.write_bytes(references.samples(image))
        found = {}
        for light, path in references.paths(source, image.size, self.references).items():
            task = {"reference": str(path), "variant": str(samples), "width": image.width, "height": image.height}
            answer = self.scorer.ask(task)
            if "error" in answer:
                raise SystemExit(f"error: {variant} can't be scored: {answer['error']}")
            found[light] = answer["score"]
        return found

    def close(self):
        for process in [*self.running.values(), self.scorer]:
            process.close()
