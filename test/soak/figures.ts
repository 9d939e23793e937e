/** The counters of a soak, and its findings: a sentence for each mistake. */
export class Figures {
  seconds = 0;
  instances = 0;
  clients = 0;
  clockTurnedMs = 0;

  requests = 0;
  rotations = 0;
  replays = 0;
  renewals = 0;
  refused = 0;
  logins = 0;
  logouts = 0;
  slowestRefreshMs = 0;

  unavailable = 0;
  networkErrors = 0;
  repaired = 0;
  kills = 0;
  connectionCuts = 0;
  lostResponses = 0;
  lostDatabaseResponses = 0;

  theftsPlanted = 0;
  theftsFound = 0;
  sessionsEndedForReuse = 0;

  readonly falseLogouts: string[] = [];
  readonly forks: string[] = [];
  readonly undead: string[] = [];
  readonly surprises: string[] = [];
  readonly crashes: string[] = [];

  table(): string {
    const rows: [string, string | number][] = [
      ['seconds', this.seconds],
      ['instances', this.instances],
      ['clients', this.clients],
      ['clocks turned forward, minutes', Math.round(this.clockTurnedMs / 60_000)],
      ['requests', this.requests],
      ['rotations', this.rotations],
      ['replays (same successor again)', this.replays],
      ['renewals (no rotation due)', this.renewals],
      ['refused, rightly', this.refused],
      ['logins', this.logins],
      ['logouts', this.logouts],
      ['slowest refresh with its retries, ms', this.slowestRefreshMs],
      ['responses 503', this.unavailable],
      ['network errors', this.networkErrors],
      ['refreshes that a retry repaired', this.repaired],
      ['processes killed', this.kills],
      ['cuts of all connections to the database', this.connectionCuts],
      ['responses lost', this.lostResponses],
      ['responses of the database lost', this.lostDatabaseResponses],
      ['thefts planted', this.theftsPlanted],
      ['thefts found', this.theftsFound],
      ['sessions ended for reuse', this.sessionsEndedForReuse],
      ['false logouts', this.falseLogouts.length],
      ['forks', this.forks.length],
      ['dead sessions that were accepted', this.undead.length],
      ['responses outside of the contract', this.surprises.length],
      ['processes that died by themselves', this.crashes.length],
    ];
    const width = Math.max(...rows.map(([name]) => name.length));
    const lines = rows.map(([name, figure]) => `  ${name.padEnd(width)}  ${figure}`);
    return `The soak\n${lines.join('\n')}\n`;
  }
}
