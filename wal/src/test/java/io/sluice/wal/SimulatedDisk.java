package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk under a cache. Only what was forced survives a power cut for sure; of the rest any subset
 * of sectors and of changes to names may. Thread-safe.
 */
final class SimulatedDisk {
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;

  private final Map<String, Content> names = new HashMap<>();
  private final Map<String, Content> forcedNames = new HashMap<>();
  private final List<NameChange> unforcedNames = new ArrayList<>();
  private long capacity = Long.MAX_VALUE;

  /** A name given ({@code from} null), taken ({@code to} null) or changed. */
  private record NameChange(String from, String to, Content content) {}

  /** A file's bytes as the cache has them and as the disk has them. */
  private static final class Content {
    private byte[] cached = new byte[0];
    private byte[] onDisk = new byte[0];
    private final BitSet dirtySectors = new BitSet();

    private void write(ByteBuffer source, long position) {
      int end = Math.toIntExact(position + source.remaining());
      if (end > cached.length) {
        cached = Arrays.copyOf(cached, end);
      }
      dirtySectors.set((int) position / SECTOR, (end + SECTOR - 1) / SECTOR);
      source.get(cached, (int) position, source.remaining());
    }

    private void force() {
      onDisk = Arrays.copyOf(onDisk, cached.length);
      dirtySectors.stream().forEach(sector -> copySector(sector, onDisk));
      dirtySectors.clear();
    }

    private void copySector(int sector, byte[] to) {
      int from = sector * SECTOR;
      System.arraycopy(cached, from, to, from, Math.min(SECTOR, to.length - from));
    }

    private Content afterPowerCut(Choices choices) {
      Content left = new Content();
      boolean grew = cached.length > onDisk.length && choices.next();
      left.onDisk = Arrays.copyOf(onDisk, grew ? cached.length : onDisk.length);
      int sectors = PAGE / SECTOR;
      BitSet pages = new BitSet();
      dirtySectors.stream().forEach(sector -> pages.set(sector / sectors));
      BitSet surviving = new BitSet();
      pages.stream().filter(page -> choices.next()).forEach(surviving::set);
      dirtySectors.stream()
          .filter(sector -> surviving.get(sector / sectors))
          .filter(sector -> sector * SECTOR < left.onDisk.length)
          .forEach(sector -> copySector(sector, left.onDisk));
      left.cached = left.onDisk.clone();
      return left;
    }

    /** The disk's bytes and any subset of what was on its way there, by sectors or by pages. */
    private Content afterPowerCut(Random random) {
      Content left = new Content();
      boolean grew = cached.length > onDisk.length && random.nextBoolean();
      left.onDisk = Arrays.copyOf(onDisk, grew ? cached.length : onDisk.length);
      int unit = random.nextBoolean() ? 1 : PAGE / SECTOR;
      int survival = random.nextInt(101);
      BitSet surviving = new BitSet();
      dirtySectors.stream()
          .map(sector -> sector / unit)
          .distinct()
          .filter(each -> random.nextInt(100) < survival)
          .forEach(surviving::set);
      dirtySectors.stream()
          .filter(sector -> surviving.get(sector / unit) && sector * SECTOR < left.onDisk.length)
          .forEach(sector -> copySector(sector, left.onDisk));
      left.cached = left.onDisk.clone();
      return left;
    }
  }

  synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  synchronized long usedBytes() {
    return names.values().stream().mapToLong(content -> content.cached.length).sum();
  }

  synchronized long usableBytes() {
    return Math.max(0, capacity - usedBytes());
  }

  synchronized List<String> list() {
    return List.copyOf(names.keySet());
  }

  synchronized void create(String name) throws IOException {
    if (names.containsKey(name)) {
      throw new IOException("file exists: " + name);
    }
    change(new NameChange(null, name, new Content()));
  }

  synchronized void rename(String from, String to) throws IOException {
    if (names.containsKey(to)) {
      throw new IOException("file exists: " + to);
    }
    change(new NameChange(from, to, content(from)));
  }

  synchronized void replaceWith(String from, String to) throws IOException {
    change(new NameChange(from, to, content(from)));
  }

  synchronized void delete(String name) throws IOException {
    change(new NameChange(name, null, content(name)));
  }

  private void change(NameChange change) {
    apply(change, names);
    unforcedNames.add(change);
  }

  private static void apply(NameChange change, Map<String, Content> to) {
    if (change.from() != null) {
      to.remove(change.from());
    }
    if (change.to() != null) {
      to.put(change.to(), change.content());
    }
  }

  synchronized void forceDirectory() {
    forcedNames.clear();
    forcedNames.putAll(names);
    unforcedNames.clear();
  }

  /** What an open file is: its bytes, whatever it is called by now. */
  synchronized Object inode(String name) throws IOException {
    return content(name);
  }

  synchronized void write(Object inode, ByteBuffer source, long position) throws IOException {
    Content content = (Content) inode;
    if (position + source.remaining() - content.cached.length > usableBytes()) {
      throw new IOException("No space left on device");
    }
    content.write(source, position);
  }

  synchronized int read(Object inode, ByteBuffer target, long position) {
    Content content = (Content) inode;
    int count = (int) Math.min(target.remaining(), content.cached.length - position);
    if (count <= 0) {
      return -1;
    }
    target.put(content.cached, (int) position, count);
    return count;
  }

  synchronized long length(Object inode) {
    return ((Content) inode).cached.length;
  }

  synchronized void force(Object inode) {
    ((Content) inode).force();
  }

  /** As Linux does after a failed write-back: the pages count as clean, and are not on the disk. */
  synchronized void loseDirtyPages(Object inode) {
    ((Content) inode).dirtySectors.clear();
  }

  private Content content(String name) throws IOException {
    Content content = names.get(name);
    if (content == null) {
      throw new IOException("no such file: " + name);
    }
    return content;
  }

  /** What a machine finds that is switched on again. */
  synchronized SimulatedDisk afterPowerCut(Random random) {
    Map<String, Content> left = new HashMap<>(forcedNames);
    for (NameChange change : unforcedNames) {
      boolean possible = change.from() == null || left.get(change.from()) == change.content();
      if (possible && random.nextBoolean()) {
        apply(change, left);
      }
    }
    SimulatedDisk disk = new SimulatedDisk();
    disk.capacity = capacity;
    left.forEach((name, content) -> disk.names.put(name, content.afterPowerCut(random)));
    disk.forcedNames.putAll(disk.names);
    return disk;
  }

  /**
   * Every subset of the un-forced pages and names if they are few; else none, all, each alone and
   * all but each.
   */
  synchronized List<SimulatedDisk> everyPowerCut() {
    Choices counted = new Choices(Set.of());
    afterPowerCut(counted);
    int choices = counted.made;
    List<SimulatedDisk> disks = new ArrayList<>();
    if (choices <= 6) {
      for (int mask = 0; mask < 1 << choices; mask++) {
        Set<Integer> kept = new HashSet<>();
        for (int bit = 0; bit < choices; bit++) {
          if ((mask >> bit & 1) == 1) {
            kept.add(bit);
          }
        }
        disks.add(afterPowerCut(new Choices(kept)));
      }
      return disks;
    }
    Set<Integer> all = new HashSet<>();
    for (int bit = 0; bit < choices; bit++) {
      all.add(bit);
    }
    disks.add(afterPowerCut(new Choices(Set.of())));
    disks.add(afterPowerCut(new Choices(all)));
    for (int bit = 0; bit < choices; bit++) {
      disks.add(afterPowerCut(new Choices(Set.of(bit))));
      all.remove(bit);
      disks.add(afterPowerCut(new Choices(all)));
      all.add(bit);
    }
    return disks;
  }

  /** Which of the things that may survive do, in the order in which they are asked for. */
  private static final class Choices {
    private final Set<Integer> kept;
    private int made;

    private Choices(Set<Integer> kept) {
      this.kept = Set.copyOf(kept);
    }

    private boolean next() {
      return kept.contains(made++);
    }
  }

  private SimulatedDisk afterPowerCut(Choices choices) {
    Map<String, Content> left = new TreeMap<>(forcedNames);
    for (NameChange change : unforcedNames) {
      boolean survives = choices.next();
      boolean possible = change.from() == null || left.get(change.from()) == change.content();
      if (survives && possible) {
        apply(change, left);
      }
    }
    SimulatedDisk disk = new SimulatedDisk();
    disk.capacity = capacity;
    left.forEach((name, content) -> disk.names.put(name, content.afterPowerCut(choices)));
    disk.forcedNames.putAll(disk.names);
    return disk;
  }

  synchronized byte[] bytes(String name) throws IOException {
    return content(name).cached.clone();
  }

  /** Damages, adds or (null) removes a file, durably: what no process did. */
  synchronized void replace(String name, byte[] bytes) {
    names.remove(name);
    if (bytes != null) {
      Content content = new Content();
      content.cached = bytes.clone();
      content.onDisk = bytes.clone();
      names.put(name, content);
    }
    forceDirectory();
  }

  synchronized SimulatedDisk copy() {
    SimulatedDisk disk = new SimulatedDisk();
    disk.capacity = capacity;
    names.forEach((name, content) -> disk.replace(name, content.cached));
    return disk;
  }
}
