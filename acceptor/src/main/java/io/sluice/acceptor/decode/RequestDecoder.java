package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.ColumnsFullException;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.columns.GroupColumns;
import io.sluice.acceptor.columns.KeySet;
import io.sluice.schema.table.Signal;

/**
 * Decodes OTLP requests, one at a time: nothing of a request is to be seen before all of it is
 * decoded. One thread at a time owns it.
 */
public final class RequestDecoder implements AutoCloseable {

  private static final byte[] NOTHING = new byte[0];

  private final ProtoReader in = new ProtoReader();
  private final GroupColumns group;
  private final KeySet keys;
  private final ValueDecoder values;
  private final Parts parts;
  private final RequestWalk walk;
  private final RecordDecoder spans;
  private final RecordDecoder logRecords;
  private final RecordDecoder metrics;
  private final RecordDecoder profiles;
  private final Dictionary dictionary;
  private final DictionaryDecoder dictionaries;

  public RequestDecoder(ColumnsPool pool, DecodeLimits limits) {
    group = pool.newGroup();
    keys = pool.newKeySet();
    dictionary = new Dictionary(limits);
    values = new ValueDecoder(in, keys, dictionary, limits.valueLevels());
    AttributeDecoder fields = new AttributeDecoder(in, values, dictionary);
    ShapeCheck check = new ShapeCheck(in, limits.valueLevels());
    parts = new Parts(pool, group, limits);
    walk = new RequestWalk(in, new GroupDecoder(in, fields, values, group), parts);
    spans = new SpanDecoder(in, fields, values, parts);
    logRecords = new LogRecordDecoder(in, fields, values, parts);
    metrics = new MetricDecoder(in, fields, values, parts);
    profiles = new ProfileDecoder(in, fields, values, check, dictionary, parts);
    dictionaries = new DictionaryDecoder(in, check, dictionary, group);
  }

  /**
   * Decodes an Export{Trace,Logs,Metrics,Profiles}ServiceRequest.
   *
   * @throws MalformedRequestException if the bytes are not protobuf
   * @throws RequestTooLargeException if it holds more than the limits allow
   * @throws org.apache.arrow.memory.OutOfMemoryException if there is no memory now: try later
   */
  public Decoded decode(Signal signal, byte[] bytes, int offset, int length) {
    in.open(bytes, offset, length);
    parts.begin();
    try {
      boolean whole = signal != Signal.PROFILES || dictionaries.dictionary();
      walk.request(records(signal), !whole);
      return parts.finish();
    } catch (ColumnsFullException e) {
      throw new RequestTooLargeException("cannot take the request: " + e.getMessage());
    } finally {
      parts.release();
      values.clear();
      dictionary.clear();
      group.nextDictionary();
      in.open(NOTHING, 0, 0);
    }
  }

  /** Bytes of memory it holds between requests: what the largest so far has made it. */
  public long capacity() {
    return group.capacity() + keys.capacity() + dictionary.capacity();
  }

  @Override
  public void close() {
    group.close();
  }

  private RecordDecoder records(Signal signal) {
    return switch (signal) {
      case TRACES -> spans;
      case LOGS -> logRecords;
      case METRICS -> metrics;
      case PROFILES -> profiles;
    };
  }
}
