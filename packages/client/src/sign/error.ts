/** The reason why a link can't be signed. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  /** The parameter that is wrong, if one is. */
  readonly parameter: string | undefined;

  constructor(message: string, parameter?: string) {
    super(message);
    this.parameter = parameter;
  }
}
