import type { TcpProxy } from './tcp-proxy.js';

/** The next rotation is committed, and the response of the database never reaches the app. */
export function loseRotationResponse(app: { statements: string[] }, proxy: TcpProxy): void {
  const { statements } = app;
  statements.push = (statement) => {
    if (/^UPDATE .refresh_tokens./.test(statement)) {
      proxy.loseNextResponse();
      statements.push = Array.prototype.push;
    }
    return Array.prototype.push.call(statements, statement);
  };
}
