package io.sluice.bench.torture;

import io.sluice.bench.torture.FaultKind.Track;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The kinds of fault that a stand can do, by the track that they come on. */
record Repertoire(Map<Track, List<FaultKind>> kinds) {

  /** Of a Writer and an Acceptor. */
  static final Repertoire ONE_BOX = of(EnumSet.complementOf(EnumSet.of(Track.CLUSTER)));

  private static final Set<FaultKind> OF_THE_ACCEPTOR =
      EnumSet.of(FaultKind.KILL_ACCEPTOR, FaultKind.STOP_ACCEPTOR, FaultKind.TERM_ACCEPTOR);

  /** By the log's own disk, which a replicated log has not. */
  private static final Set<FaultKind> OF_A_LONE_DISK =
      EnumSet.of(FaultKind.SLOW_FORCE, FaultKind.LOG_FULL, FaultKind.DISK_FULL);

  /** What only copies of a log bear, or what needs another leader. */
  private static final Set<FaultKind> OF_COPIES =
      EnumSet.of(FaultKind.WIPE_DISK, FaultKind.KILL_TWO, FaultKind.STOP_AND_KILL);

  Repertoire {
    kinds = new EnumMap<>(kinds);
  }

  /** Of several Writers; faults of processes and of ways between them come one after the other. */
  static Repertoire ofCluster(boolean replicated) {
    EnumMap<Track, List<FaultKind>> kinds = new EnumMap<>(Track.class);
    Set<FaultKind> serial = EnumSet.copyOf(FaultKind.of(Track.CLUSTER));
    serial.addAll(OF_THE_ACCEPTOR);
    if (!replicated) {
      serial.removeAll(OF_COPIES);
    }
    Set<FaultKind> storage = EnumSet.copyOf(FaultKind.of(Track.STORAGE));
    storage.removeAll(OF_A_LONE_DISK);
    kinds.put(Track.CLUSTER, List.copyOf(serial));
    kinds.put(Track.STORAGE, List.copyOf(storage));
    kinds.put(Track.FOREIGN, FaultKind.of(Track.FOREIGN));
    return new Repertoire(kinds);
  }

  private static Repertoire of(Set<Track> tracks) {
    EnumMap<Track, List<FaultKind>> kinds = new EnumMap<>(Track.class);
    tracks.forEach(track -> kinds.put(track, FaultKind.of(track)));
    return new Repertoire(kinds);
  }

  List<FaultKind> of(Track track) {
    return kinds.getOrDefault(track, List.of());
  }

  /** All of them. */
  Set<FaultKind> all() {
    EnumSet<FaultKind> all = EnumSet.noneOf(FaultKind.class);
    kinds.values().forEach(all::addAll);
    return all;
  }
}
