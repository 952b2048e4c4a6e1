/** The reason why a link can't be signed. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  /** The name of the wrong parameter, if a parameter is wrong. */
  readonly parameter: string | undefined;

  constructor(message: string, parameter?: string) {
    super(message);
    this.parameter = parameter;
  }
}
