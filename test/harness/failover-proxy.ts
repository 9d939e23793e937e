import { createServer, connect, type Socket } from 'node:net';

/** A proxy between an app and its database. It can make all old connections dead, while new ones work. */
export interface FailoverProxy {
  port: number;
  /** As when a server is replaced, or a firewall forgets its connections: no open connection passes data any more. */
  failOver(): void;
  close(): Promise<void>;
}

export async function startFailoverProxy(target: {
  host: string;
  port: number;
}): Promise<FailoverProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === near ? far : near).destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    failOver() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
