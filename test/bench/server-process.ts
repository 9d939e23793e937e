import type { ChildProcess } from 'node:child_process';
import { endOf, messageFrom, SERVER_CORE, startProgram } from './processes.js';

/** What a server says when it listens. */
export interface Started {
  url: string;
  /** Tokens or cookies of as many users as were asked for. */
  credentials: string[];
  /** From the start of the process to listening. */
  bootMs: number;
}

/** A server in a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly program: ChildProcess,
    readonly started: Started,
  ) {}

  /** @param path of the program, from here, without its ending */
  static async start(
    path: string,
    environment: Record<string, string> = {},
    flags: string[] = [],
  ): Promise<ServerProcess> {
    const given = { NODE_ENV: 'production', ...environment };
    const program = startProgram(`./${path}.js`, SERVER_CORE, given, flags);
    return new ServerProcess(program, await messageFrom<Started>(program));
  }

  /** Has the server do something that it offers by message. */
  async call<T>(call: object): Promise<T> {
    this.program.send(call);
    return messageFrom<T>(this.program);
  }

  /**
   * Has the server grow old in so many seconds: twelve full garbage collections, as every server has seen after some
   * minutes. With each, V8 forgets the shapes that no object has just then, and code that was compiled for them goes
   * on slower. Without it, whoever allocates less at its start looks up to a tenth faster for as long as one measures.
   */
  age(seconds: number): void {
    this.program.send({ ageIn: seconds });
  }

  /** Sessions that nobody has used. */
  freshCredentials(): Promise<string[]> {
    return this.call({ credentials: true });
  }

  /** Seconds of CPU that the server has used. */
  async cpuSeconds(): Promise<number> {
    const { user, system } = await this.call<NodeJS.CpuUsage>({ cpu: true });
    return (user + system) / 1e6;
  }

  close(): Promise<void> {
    return endOf(this.program);
  }
}
