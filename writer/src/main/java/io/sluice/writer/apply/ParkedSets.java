package io.sluice.writer.apply;

import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.LoggedPart;
import io.sluice.writer.buffer.ParkedRange;
import io.sluice.writer.buffer.ParkedRowsException;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.buffer.Voids;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tables are owed that will not take it, one file a set: copied out of the log, so that the
 * log can be released past it. A set has one thread at a time; reads come from any.
 */
public final class ParkedSets {

  private static final Logger LOG = LoggerFactory.getLogger(ParkedSets.class);

  private final Directory directory;
  private final DurableLog log;

  /**
   * @param directory must be there, durably
   */
  public ParkedSets(Path directory, DurableLog log) {
    this(new FileDirectory(directory), log);
  }

  ParkedSets(Directory directory, DurableLog log) {
    this.directory = directory;
    this.log = log;
  }

  /** A file as it was found. */
  public record Found(TableKey table, ParkedRange range) {}

  /**
   * All that earlier processes parked, by table and then oldest first. One that is damaged is said,
   * and found again by whoever reads it: other tables go on.
   *
   * @throws IOException the directory cannot be read, or is another log's
   */
  public List<Found> find() throws IOException {
    List<Found> found = new ArrayList<>();
    for (String file : directory.list()) {
      Optional<ParkedName> name = ParkedName.parse(file);
      if (name.isPresent()) {
        found.add(new Found(name.get().table(), range(name.get())));
      } else if (file.endsWith(ForcedFile.TEMPORARY)) {
        directory.delete(file); // whoever wrote it died before it was done
      }
    }
    found.sort(
        Comparator.comparing((Found set) -> set.table().toString())
            .thenComparing(set -> set.range().from()));
    return withGaps(found);
  }

  private ParkedRange range(ParkedName name) throws IOException {
    try (ParkedFile.Reader file = open(name)) {
      if (!file.logId().equals(log.id())) {
        throw new OtherLogException(
            "cannot start: %s is of log %s, this is log %s (a log and what is parked belong together)"
                .formatted(directory.describe(name.toString()), file.logId(), log.id()));
      }
      ParkedRange range = file.range();
      long rows = name.from() > range.from() ? rowsAfter(name.from(), file) : range.rows();
      return new ParkedRange(name.from(), name.to(), range.lastRow(), rows, range.bytes());
    } catch (OtherLogException e) {
      throw e;
    } catch (IOException e) {
      LOG.error("{} (nothing can be committed to its table; restore the file)", e.getMessage());
      return new ParkedRange(name.from(), name.to(), name.to(), 0, 0);
    }
  }

  private static long rowsAfter(long position, ParkedFile.Reader file) throws IOException {
    long rows = 0;
    try {
      for (ParkedFile.Entry entry = file.read(); entry != null; entry = file.read()) {
        PutMetadata metadata = PutMetadata.parse(FlightFrame.parse(entry.payload()).metadata());
        rows += entry.position() > position ? CountingRows.of(metadata, entry::isVoid).length : 0;
      }
    } catch (MalformedMessageException e) {
      throw new IOException("cannot read parked rows: " + e.getMessage(), e);
    }
    return rows;
  }

  /** Where a file is missing, what is behind it must wait for it. */
  private List<Found> withGaps(List<Found> sorted) {
    List<Found> all = new ArrayList<>();
    for (Found next : sorted) {
      Found last = all.isEmpty() ? null : all.get(all.size() - 1);
      if (last != null
          && last.table().equals(next.table())
          && last.range().to() < next.range().from()) {
        ParkedRange gap =
            new ParkedRange(last.range().to(), next.range().from(), next.range().from(), 0, 0);
        LOG.error(
            "cannot find {} (nothing behind it can be committed to its table; restore the file)",
            directory.describe(new ParkedName(next.table(), gap.from(), gap.to()).toString()));
        all.add(new Found(next.table(), gap));
      }
      all.add(next);
    }
    return all;
  }

  /**
   * Copies the rows of a set that is persisting out of the log. Durable when it returns.
   *
   * @throws IOException it is not parked, or that is not known: the log still owes it
   */
  public void park(ChunkSet set) throws IOException {
    ParkedName name = new ParkedName(set.table(), set.from(), set.to());
    ParkedRange range =
        new ParkedRange(set.from(), set.to(), set.lastRow(), set.rows(), set.bytes());
    ForcedFile.replace(
        directory,
        name.toString(),
        out -> {
          ParkedFile.Writer file = new ParkedFile.Writer(out, log.id(), range);
          long rows = copy(set, file);
          if (rows != set.rows()) {
            throw new IOException(
                "cannot park %s: the log has %d rows of it, expected %d (run 'sluice wal verify')"
                    .formatted(name, rows, set.rows()));
          }
          file.end();
        });
  }

  private long copy(ChunkSet set, ParkedFile.Writer file) throws IOException {
    StreamHeads heads = new StreamHeads();
    long rows = 0;
    long passed = set.beforeFirstRow();
    try (LogCursor records = log.read(passed + 1)) {
      while (passed < set.lastRow()) {
        LogRecord record = records.next();
        if (record == null || record.position() > set.lastRow()) {
          return rows;
        }
        passed = record.position();
        Optional<Voids> voids = set.rowsAt(passed);
        if (voids.isPresent() && heads.of(record.stream()).table().equals(set.table())) {
          rows += copy(record, voids.get(), file);
        }
      }
    } catch (MalformedMessageException e) {
      throw new IOException(
          "cannot park rows of %s: %s (run 'sluice wal verify')"
              .formatted(set.table(), e.getMessage()),
          e);
    }
    return rows;
  }

  private static long copy(LogRecord record, Voids voids, ParkedFile.Writer file)
      throws IOException, MalformedMessageException {
    PutMetadata metadata = PutMetadata.parse(FlightFrame.parse(record.payload()).metadata());
    int[] repeats =
        IntStream.range(0, metadata.batches().size())
            .filter(ordinal -> voids.contains(record.position(), ordinal))
            .toArray();
    int rows = CountingRows.of(metadata, i -> voids.contains(record.position(), i)).length;
    if (rows > 0) {
      file.add(record, repeats);
    }
    return rows;
  }

  /** The part's file, from its begin. */
  ParkedFile.Reader open(TableKey table, LoggedPart part) throws IOException {
    return open(new ParkedName(table, part.from(), part.to()));
  }

  private ParkedFile.Reader open(ParkedName name) throws IOException {
    String where = directory.describe(name.toString());
    ReadableByteChannel file =
        directory
            .read(name.toString())
            .orElseThrow(
                () ->
                    new ParkedRowsException("cannot read parked rows: " + where + " is not there"));
    try {
      return new ParkedFile.Reader(file, where);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** The table has the set's rows. */
  public void committed(TableKey table, long from, long to) throws IOException {
    directory.delete(new ParkedName(table, from, to).toString());
  }

  /**
   * The table has the set's rows up to its mark: it was away when the process started that parked
   * them. What is left of the set; durable when it returns.
   */
  public Found beginAt(Found set, long mark) throws IOException {
    ParkedRange before = set.range();
    rebase(set.table(), before.from(), before.to(), mark);
    return new Found(set.table(), range(new ParkedName(set.table(), mark, before.to())));
  }

  /** The set begins elsewhere, as its table was begun anew. Durable when it returns. */
  public void rebase(TableKey table, long from, long to, long newFrom) throws IOException {
    String before = new ParkedName(table, from, to).toString();
    String after = new ParkedName(table, newFrom, to).toString();
    List<String> there = directory.list();
    if (there.contains(before) || !there.contains(after)) { // else an earlier try came so far
      directory.rename(before, after);
    }
    directory.force();
  }

  private static final class OtherLogException extends IOException {
    private static final long serialVersionUID = 1;

    OtherLogException(String message) {
      super(message);
    }
  }
}
