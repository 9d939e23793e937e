/** Thrown at boot: the message says what is wrong and what to change. */
export class AuthConfigurationError extends Error {
  override readonly name = 'AuthConfigurationError';

  constructor(sentence: string) {
    super(`nestjs-refresh-auth: ${sentence}`);
  }
}
