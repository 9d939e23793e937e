import { createServer, connect, type Server, type Socket } from 'node:net';

/** A proxy between an app and its database, or a client and its app, which can fail in every way a network can. */
export interface TcpProxy {
  port: number;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Accepts and keeps connections, but passes no data on. */
  hang(): void;
  /** Passes requests on, and ends the connection in place of passing back the next response. */
  loseNextResponse(): void;
  /** Works again; the connections that hung continue. */
  heal(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<[near: Socket, far: Socket]>();
  let state: 'up' | 'cut' | 'hung' = 'up';
  let responsesToLose = 0;

  const server: Server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
      if (state === 'hung') socket.pause();
    }
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk) => {
      if (responsesToLose > 0) {
        responsesToLose -= 1;
        end();
      } else {
        near.write(chunk);
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endAll = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };

  return {
    port: (server.address() as { port: number }).port,
    cut() {
      state = 'cut';
      endAll();
    },
    hang() {
      state = 'hung';
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    loseNextResponse() {
      responsesToLose += 1;
    },
    heal() {
      state = 'up';
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    close() {
      endAll();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
