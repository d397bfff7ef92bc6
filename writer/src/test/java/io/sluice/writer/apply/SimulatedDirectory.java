package io.sluice.writer.apply;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A directory under a cache, which counts its steps and breaks at one of them. Only what was forced
 * survives a power cut for sure; of the rest any subset of pages and of changes to names may.
 */
final class SimulatedDirectory implements Directory {

  /** How a step breaks. */
  enum Fault {
    /** Nothing happened, or half of it; a failed force loses the pages it was to write. */
    FAILS,
    /** It was done, and is reported as failed. */
    FAILS_AFTER,
    /** As FAILS, and so does everything after it. */
    POWER_CUT,
    /** It was done, and everything after it fails. */
    POWER_CUT_AFTER
  }

  private static final int PAGE = 64; // small, so that small files have several

  private final Map<String, Content> names = new HashMap<>();
  private final Map<String, Content> forcedNames = new HashMap<>();
  private final List<Change> unforced = new ArrayList<>();
  private int steps;
  private int faultAt = Integer.MAX_VALUE;
  private Fault fault = Fault.FAILS;
  private boolean off;

  private record Change(String from, String to, Content content) {}

  private static final class Content {
    private byte[] cached = new byte[0];
    private byte[] onDisk = new byte[0];
    private boolean[] dirty = new boolean[0];

    private Content afterPowerCut(Random random) {
      Content left = new Content();
      boolean grew = random.nextBoolean();
      left.onDisk = Arrays.copyOf(onDisk, grew ? cached.length : onDisk.length);
      for (int page = 0; page < dirty.length; page++) {
        if (dirty[page] && random.nextBoolean()) {
          int from = Math.min(page * PAGE, Math.min(left.onDisk.length, cached.length));
          int to = Math.min(page * PAGE + PAGE, Math.min(left.onDisk.length, cached.length));
          System.arraycopy(cached, from, left.onDisk, from, to - from);
        }
      }
      left.cached = left.onDisk.clone();
      left.dirty = new boolean[dirty.length];
      return left;
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /** From now on steps count from 1, and step {@code at} breaks. */
  void arm(int at, Fault how) {
    steps = 0;
    faultAt = at;
    fault = how;
  }

  int steps() {
    return steps;
  }

  /** Whether the power is off: the process is gone. */
  boolean isOff() {
    return off;
  }

  /** What a machine finds that is switched on again. */
  SimulatedDirectory afterPowerCut(Random random) {
    Map<String, Content> left = new HashMap<>(forcedNames);
    for (Change change : unforced) {
      boolean possible = change.from == null || left.get(change.from) == change.content;
      if (possible && random.nextBoolean()) {
        apply(change, left);
      }
    }
    SimulatedDirectory after = new SimulatedDirectory();
    left.forEach((name, content) -> after.names.put(name, content.afterPowerCut(random)));
    after.forcedNames.putAll(after.names);
    return after;
  }

  private static void apply(Change change, Map<String, Content> to) {
    if (change.from != null) {
      to.remove(change.from);
    }
    if (change.to == null) {
      return;
    }
    to.put(change.to, change.content);
  }

  private void step(String what, Step whole, Step half) throws IOException {
    if (off) {
      throw new IOException("the power is off");
    }
    if (++steps != faultAt) {
      whole.run();
      return;
    }
    off = fault == Fault.POWER_CUT || fault == Fault.POWER_CUT_AFTER;
    boolean done = fault == Fault.FAILS_AFTER || fault == Fault.POWER_CUT_AFTER;
    (done ? whole : half).run();
    throw new IOException("injected at step " + steps + ", " + what);
  }

  private void change(Change change) {
    apply(change, names);
    unforced.add(change);
  }

  @Override
  public Out create(String name) throws IOException {
    step("create " + name, () -> empty(name), () -> {});
    return new CachedOut(name, names.get(name));
  }

  private void empty(String name) {
    Content there = names.get(name);
    if (there == null) {
      change(new Change(null, name, new Content()));
    } else { // as of a truncated file whose old pages may still be on the disk
      there.cached = new byte[0];
      there.dirty = new boolean[0];
    }
  }

  @Override
  public Optional<ReadableByteChannel> read(String name) throws IOException {
    Content there = names.get(name);
    return Optional.ofNullable(there)
        .map(content -> Channels.newChannel(new ByteArrayInputStream(content.cached)));
  }

  /** The file's bytes themselves. */
  byte[] bytes(String name) {
    return names.get(name).cached;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    if (!names.containsKey(from)) {
      throw new NoSuchFileException(describe(from));
    }
    step(
        "rename " + from + " " + to, () -> change(new Change(from, to, names.get(from))), () -> {});
  }

  @Override
  public List<String> list() {
    return names.keySet().stream().sorted().toList();
  }

  @Override
  public void delete(String name) throws IOException {
    step(
        "delete " + name,
        () -> {
          if (names.containsKey(name)) {
            change(new Change(name, null, names.get(name)));
          }
        },
        () -> {});
  }

  @Override
  public void force() throws IOException {
    step(
        "force directory",
        () -> {
          forcedNames.clear();
          forcedNames.putAll(names);
          unforced.clear();
        },
        () -> {});
  }

  @Override
  public String describe(String name) {
    return "simulated/" + name;
  }

  private final class CachedOut implements Out {
    private final String name;
    private final Content content;

    CachedOut(String name, Content content) {
      this.name = name;
      this.content = content;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      step(
          "write " + name,
          () -> append(bytes, bytes.remaining()),
          () -> append(bytes, bytes.remaining() / 2)); // no space left
    }

    private void append(ByteBuffer bytes, int count) {
      int from = content.cached.length;
      content.cached = Arrays.copyOf(content.cached, from + count);
      bytes.get(content.cached, from, count);
      content.dirty = Arrays.copyOf(content.dirty, (from + count + PAGE - 1) / PAGE);
      Arrays.fill(content.dirty, from / PAGE, content.dirty.length, true);
    }

    @Override
    public void force() throws IOException {
      step(
          "force " + name,
          () -> {
            content.onDisk = content.cached.clone();
            Arrays.fill(content.dirty, false);
          },
          () -> Arrays.fill(content.dirty, false)); // they count as clean, and are not there
    }

    @Override
    public void close() {}
  }
}
