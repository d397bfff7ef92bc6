package io.sluice.writer.serve;

import java.util.List;

/** The cluster's logs, as readers of this Writer find them. Any thread asks. */
public interface ServedLogs {

  /** How many the cluster has: they are numbered from 0. */
  int count();

  /** Those that this Writer hosts, by number. */
  List<ServedLog> hosted();

  /** What Writers tell each other of them. */
  default Cluster cluster() {
    return Cluster.ALONE;
  }
}
