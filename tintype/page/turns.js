/** A function that runs the work it is given, at most `most` pieces of it at a time, the rest in turn. */
export function inTurns(most) {
  let running = 0;
  const waiting = [];
  return async (work) => {
    if (running < most) {
      running += 1;
    } else {
      // Whoever ends hands its place on, so `running` stays as it is.
      await new Promise((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
