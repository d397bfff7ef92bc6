package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which file is to stand for which segment, and which files are none of this log's.
 *
 * @param files by segment, oldest first
 * @param strays to be set aside
 * @param idIsMissing there is no log-id file that says which log this is
 * @param idIsBad because it is damaged
 */
record RepairSources(
    UUID logId,
    boolean idIsMissing,
    boolean idIsBad,
    @Nullable Extent extent,
    List<Source> files,
    List<Stray> strays) {

  /**
   * A file that stands for a segment.
   *
   * @param header null if it cannot be read
   */
  record Source(long number, String file, long length, @Nullable SegmentHeader header) {
    private int rank() {
      if (SegmentName.isRepaired(file)) {
        return 3;
      }
      return SegmentName.live(number).equals(file) ? (header == null ? 1 : 2) : 0;
    }
  }

  /** A file that does not belong here. */
  record Stray(String file, String why) {}

  /**
   * @throws LogVersionException a file is of another release
   * @throws IOException a file cannot be read, or nobody can tell which log this is
   */
  static RepairSources of(Storage storage) throws IOException {
    List<Stray> strays = new ArrayList<>();
    UUID id = null;
    boolean idIsBad = false;
    try {
      id = LogIdFile.read(storage);
    } catch (CorruptLogException e) {
      idIsBad = true;
      strays.add(new Stray(SegmentName.LOG_ID, String.valueOf(e.getMessage())));
    }
    Extent extent = null;
    try {
      extent = ExtentFile.read(storage, null);
    } catch (CorruptLogException e) {
      strays.add(new Stray(ExtentFile.NAME, String.valueOf(e.getMessage())));
    }
    List<Source> all = all(storage, strays);
    UUID logId = which(storage, id, extent, all);
    if (extent != null && !extent.logId().equals(logId)) {
      strays.add(new Stray(ExtentFile.NAME, "it is of log " + extent.logId()));
      extent = null;
    }
    List<Source> files = choose(all, logId, extent, strays);
    return new RepairSources(logId, id == null, idIsBad, extent, files, strays);
  }

  private static List<Source> all(Storage storage, List<Stray> strays) throws IOException {
    List<Source> all = new ArrayList<>();
    for (String name : storage.list().stream().sorted().toList()) {
      boolean isRepaired = SegmentName.isRepaired(name);
      if (!isRepaired && !name.endsWith(SegmentName.LIVE_SUFFIX)) {
        continue;
      }
      OptionalLong named =
          isRepaired ? SegmentName.repairedNumber(name) : SegmentName.liveNumber(name);
      try (Storage.StorageFile file = storage.open(name, Storage.Access.READ)) {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
        file.readFully(bytes, 0);
        SegmentHeader header = SegmentHeader.decode(name, bytes.flip());
        all.add(new Source(header.number(), name, file.length(), header));
      } catch (CorruptLogException e) {
        if (named.isPresent()) {
          all.add(new Source(named.getAsLong(), name, length(storage, name), null));
        } else {
          strays.add(new Stray(name, String.valueOf(e.getMessage())));
        }
      }
    }
    return all;
  }

  private static long length(Storage storage, String name) throws IOException {
    try (Storage.StorageFile file = storage.open(name, Storage.Access.READ)) {
      return file.length();
    }
  }

  private static UUID which(
      Storage storage, @Nullable UUID id, @Nullable Extent extent, List<Source> all)
      throws IOException {
    Map<UUID, Integer> votes = new HashMap<>();
    for (Source source : all) {
      if (source.header() != null) {
        votes.merge(source.header().logId(), 1, Integer::sum);
      }
    }
    if (extent != null) {
      votes.merge(extent.logId(), 1, Integer::sum);
    }
    if (id != null && (votes.isEmpty() || votes.containsKey(id))) {
      return id;
    }
    if (id != null || votes.size() != 1) {
      throw new IOException(
          "cannot repair log in %s: log-id says %s, its segments are of %s (put together what belongs together)"
              .formatted(storage.describe(), id == null ? "nothing" : id, votes.keySet()));
    }
    return votes.keySet().iterator().next();
  }

  private static List<Source> choose(
      List<Source> all, UUID logId, @Nullable Extent extent, List<Stray> strays) {
    TreeMap<Long, Source> chosen = new TreeMap<>();
    for (Source source : all) {
      SegmentHeader header = source.header();
      if (header != null && !header.logId().equals(logId)) {
        strays.add(new Stray(source.file(), "it is a segment of log " + header.logId()));
        continue;
      }
      if (extent != null && source.number() < extent.first()) {
        strays.add(new Stray(source.file(), "the log begins with segment " + extent.first()));
        continue;
      }
      Source other = chosen.get(source.number());
      if (other == null) {
        chosen.put(source.number(), source);
        continue;
      }
      boolean isBetter = source.rank() > other.rank();
      Source better = isBetter ? source : other;
      Source worse = isBetter ? other : source;
      chosen.put(source.number(), better);
      strays.add(
          new Stray(worse.file(), "segment %d is in %s".formatted(source.number(), better.file())));
    }
    return List.copyOf(chosen.values());
  }
}
