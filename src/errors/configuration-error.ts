/** Thrown at boot. The message names the mistake and what to change. */
export class AuthConfigurationError extends Error {
  override readonly name = 'AuthConfigurationError';

  constructor(sentence: string) {
    super(`nestjs-refresh-auth: ${sentence}`);
  }
}
