package io.sluice.bench.torture;

import java.util.List;

/** How each kind of fault is done to the services. */
interface Arsenal {

  /** One of the repertoire. */
  Fault of(FaultKind kind);

  /** All that are kept. */
  List<KeptService> services();

  LedgerChecks ledgers();

  /** What others did to the tables. */
  ForeignCommits foreign();
}
