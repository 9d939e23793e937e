/** Thrown at boot. The message names the mistake and what to change. */
export class AuthConfigurationError extends Error {
  override readonly name = 'AuthConfigurationError';

  /** @param options `cause`: what the app's own code threw */
  constructor(sentence: string, options?: ErrorOptions) {
    super(`nestjs-refresh-auth: ${sentence}`, options);
  }
}
