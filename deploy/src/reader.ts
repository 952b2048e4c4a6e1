// A JSON object, read member by member; what is wrong is said with the member's path and what is allowed.

export class ConfigError extends Error {}

export class Reader {
  private readonly members: Map<string, unknown>;
  private readonly known = new Set<string>();

  constructor(
    private readonly path: string,
    value: unknown,
  ) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ConfigError(`${path || "the configuration"}: must be an object`);
    }
    this.members = new Map(Object.entries(value));
  }

  text(name: string, pattern: RegExp, allowed: string): string {
    const value = this.take(name);
    if (typeof value !== "string" || !pattern.test(value)) throw this.wrong(name, allowed);
    return value;
  }

  /** A whole number from `min` to `max`. */
  number(name: string, min: number, max: number, otherwise?: number): number {
    const value = this.take(name) ?? otherwise;
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw this.wrong(name, `a whole number from ${min} to ${max}`);
    }
    return value;
  }

  flag(name: string, otherwise?: boolean): boolean {
    const value = this.take(name) ?? otherwise;
    if (typeof value !== "boolean") throw this.wrong(name, "true or false");
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[], otherwise?: T): T {
    const value = this.take(name) ?? otherwise;
    const found = values.find((allowed) => allowed === value);
    if (found === undefined) throw this.wrong(name, `one of ${values.join(", ")}`);
    return found;
  }

  /** Texts, none where the member is missing. */
  list(name: string, pattern: RegExp, allowed: string): readonly string[] {
    const value = this.take(name) ?? [];
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string" && pattern.test(entry))) {
      throw this.wrong(name, `a list of ${allowed}`);
    }
    return value as string[];
  }

  /** An object, all of whose members `read` must take. */
  object<T>(name: string, read: (reader: Reader) => T, otherwise?: object): T {
    const reader = new Reader(this.path ? `${this.path}.${name}` : name, this.take(name) ?? otherwise);
    const value = read(reader);
    reader.end();
    return value;
  }

  optional<T>(name: string, read: () => T): T | undefined {
    if (this.members.has(name)) return read();
    this.known.add(name);
    return undefined;
  }

  isNull(name: string): boolean {
    return this.take(name) === null;
  }

  /** Refuses members that nobody has asked for. */
  end(): void {
    for (const name of this.members.keys()) {
      if (!this.known.has(name)) {
        throw this.wrong(name, `none: known are ${[...this.known].join(", ")}`);
      }
    }
  }

  private take(name: string): unknown {
    this.known.add(name);
    return this.members.get(name);
  }

  private wrong(name: string, allowed: string): ConfigError {
    return new ConfigError(`${this.path ? `${this.path}.` : ""}${name}: must be ${allowed}`);
  }
}
