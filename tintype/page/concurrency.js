/** Returns a function that runs tasks, at most `limit` at a time. Other tasks wait in order. */
export function limitConcurrency(limit) {
  let running = 0;
  const waiting = [];
  return async (task) => {
    if (running < limit) {
      running += 1;
    } else {
      // The task that ends passes its slot to the next one, so `running` stays the same.
      await new Promise((resolve) => waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
