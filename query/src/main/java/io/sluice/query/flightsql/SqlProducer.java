package io.sluice.query.flightsql;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Context;
import io.sluice.query.PlainColumns;
import io.sluice.query.ReadException;
import io.sluice.query.SqlException;
import io.sluice.query.SqlShape;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.BasicFlightSqlProducer;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCrossReference;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetExportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetImportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetXdbcTypeInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flight SQL over {@link Statements}. A statement begins when its FlightInfo is asked for, which
 * says what is wrong with it, and with which columns it goes on; DoGet takes its rows as fast as
 * the client does. Any thread.
 */
final class SqlProducer extends BasicFlightSqlProducer {

  private static final Logger LOG = LoggerFactory.getLogger(SqlProducer.class);
  private static final long CLOSE_SECONDS = 10;

  private final Statements statements;
  private final Listing listing;
  private final BufferAllocator allocator;
  private final StatementLimits limits;

  /** As many threads as statements are read at once, whose number is bounded. */
  private final ExecutorService reading =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "flight-sql-read");
            thread.setDaemon(true);
            return thread;
          });

  SqlProducer(
      Statements statements, Listing listing, BufferAllocator allocator, StatementLimits limits) {
    this.statements = statements;
    this.listing = listing;
    this.allocator = allocator;
    this.limits = limits;
  }

  @Override
  public FlightInfo getFlightInfoStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return begun(SqlAccess.visitor(), command.getQuery(), List.of(), descriptor);
  }

  @Override
  public FlightInfo getFlightInfoPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    Visitor visitor = SqlAccess.visitor();
    Prepared statement = statements.kept(visitor, command.getPreparedStatementHandle());
    List<@Nullable Object> values = statement.values();
    int wanted = statement.shape().parameters().size();
    if (values.size() != wanted) {
      throw CallStatus.INVALID_ARGUMENT
          .withDescription(
              "cannot run: the statement has %d parameters, %d are given (give each)"
                  .formatted(wanted, values.size()))
          .toRuntimeException();
    }
    return begun(visitor, statement.sql(), values, descriptor);
  }

  private FlightInfo begun(
      Visitor visitor, String sql, List<@Nullable Object> values, FlightDescriptor descriptor) {
    try {
      Running statement = statements.start(visitor, sql, values);
      Ticket ticket =
          ticket(TicketStatementQuery.newBuilder().setStatementHandle(statement.handle()).build());
      return new FlightInfo(
          statement.schema(), descriptor, List.of(new FlightEndpoint(ticket)), -1, -1);
    } catch (SqlException | ReadException | InterruptedException | RuntimeException e) {
      throw Refusals.of(e);
    }
  }

  @Override
  public SchemaResult getSchemaStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return new SchemaResult(shape(command.getQuery()).columns());
  }

  @Override
  public SchemaResult getSchemaPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    Prepared statement = statements.kept(SqlAccess.visitor(), command.getPreparedStatementHandle());
    return new SchemaResult(statement.shape().columns());
  }

  private SqlShape shape(String sql) {
    try {
      return statements.describe(SqlAccess.visitor(), List.of(sql)).get(0);
    } catch (SqlException | ReadException | InterruptedException | RuntimeException e) {
      throw Refusals.of(e);
    }
  }

  @Override
  public void getStreamStatement(
      TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    Running statement = statements.take(SqlAccess.visitor(), ticket.getStatementHandle());
    boolean handed = false;
    try {
      // gRPC tells of a client that is ready again, or gone, only once this thread is given back
      reading.execute(Context.current().wrap(() -> read(statement, listener)));
      handed = true;
    } finally {
      if (!handed) {
        statements.close(statement);
      }
    }
  }

  private void read(Running statement, ServerStreamListener listener) {
    Context call = Context.current();
    Context.CancellationListener gone = ended -> statement.cancel();
    call.addListener(gone, Runnable::run);
    try {
      stream(statement, listener);
    } catch (SqlException | ReadException | RuntimeException e) {
      listener.error(Refusals.of(statement.why(e)));
    } finally {
      call.removeListener(gone);
      statements.close(statement);
    }
  }

  private void stream(Running statement, ServerStreamListener listener)
      throws SqlException, ReadException {
    PlainColumns columns = statement.columns();
    CallbackBackpressureStrategy pace = new CallbackBackpressureStrategy();
    pace.register(listener);
    listener.start(columns.root());
    while (statement.next()) {
      WaitResult ready = pace.waitForListener(limits.untaken().toMillis());
      if (ready == WaitResult.CANCELLED) {
        throw Refusals.cancelled();
      }
      if (ready != WaitResult.READY) {
        throw Refusals.untaken(limits.untaken());
      }
      listener.putNext();
    }
    listener.completed();
  }

  @Override
  public void getStreamPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, ServerStreamListener listener) {
    listener.error(
        CallStatus.INVALID_ARGUMENT
            .withDescription("cannot read by that ticket (ask for the FlightInfo first)")
            .toRuntimeException());
  }

  @Override
  public void createPreparedStatement(
      ActionCreatePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    try {
      Visitor visitor = SqlAccess.visitor();
      SqlShape shape = shape(request.getQuery());
      ByteString handle = statements.keep(new Prepared(visitor, request.getQuery(), shape));
      Message answer =
          ActionCreatePreparedStatementResult.newBuilder()
              .setPreparedStatementHandle(handle)
              .setDatasetSchema(ByteString.copyFrom(shape.columns().serializeAsMessage()))
              .setParameterSchema(
                  ByteString.copyFrom(Parameters.schema(shape.parameters()).serializeAsMessage()))
              .build();
      listener.onNext(new Result(Any.pack(answer).toByteArray()));
      listener.onCompleted();
    } catch (RuntimeException e) {
      listener.onError(Refusals.of(e));
    }
  }

  @Override
  public void closePreparedStatement(
      ActionClosePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    statements.forget(SqlAccess.visitor(), request.getPreparedStatementHandle());
    listener.onCompleted();
  }

  @Override
  public Runnable acceptPutPreparedStatementQuery(
      CommandPreparedStatementQuery command,
      CallContext context,
      FlightStream given,
      StreamListener<PutResult> listener) {
    Prepared statement = statements.kept(SqlAccess.visitor(), command.getPreparedStatementHandle());
    return () -> {
      try {
        if (given.next() && given.getRoot().getRowCount() == 1) {
          List<@Nullable Object> values = Parameters.values(given.getRoot());
          if (!given.next() || given.getRoot().getRowCount() == 0) {
            statement.values(values);
            listener.onCompleted();
            return;
          }
        }
        listener.onError(
            CallStatus.INVALID_ARGUMENT
                .withDescription("cannot take parameters: give one row of them at a time")
                .toRuntimeException());
      } catch (RuntimeException e) {
        listener.onError(Refusals.of(e));
      }
    };
  }

  @Override
  public void cancelFlightInfo(
      CancelFlightInfoRequest request, CallContext context, StreamListener<CancelStatus> listener) {
    boolean cancelled = false;
    for (FlightEndpoint endpoint : request.getInfo().getEndpoints()) {
      ByteString handle = handle(endpoint.getTicket());
      cancelled |= handle != null && statements.cancel(SqlAccess.visitor(), handle);
    }
    if (cancelled) {
      listener.onNext(CancelStatus.CANCELLED);
      listener.onCompleted();
    } else {
      listener.onError(Refusals.unknown("statement", "it has ended, or is not yours"));
    }
  }

  private static @Nullable ByteString handle(Ticket ticket) {
    try {
      Any any = Any.parseFrom(ticket.getBytes());
      return any.is(TicketStatementQuery.class)
          ? any.unpack(TicketStatementQuery.class).getStatementHandle()
          : null;
    } catch (InvalidProtocolBufferException e) {
      return null; // of nobody's
    }
  }

  @Override
  public Runnable acceptPutStatement(
      CommandStatementUpdate command,
      CallContext context,
      FlightStream given,
      StreamListener<PutResult> listener) {
    return () -> listener.onError(Refusals.readOnly("run that"));
  }

  @Override
  public Runnable acceptPutPreparedStatementUpdate(
      CommandPreparedStatementUpdate command,
      CallContext context,
      FlightStream given,
      StreamListener<PutResult> listener) {
    return () -> listener.onError(Refusals.readOnly("run that as an update"));
  }

  @Override
  public Runnable acceptPutStatementBulkIngest(
      CommandStatementIngest command,
      CallContext context,
      FlightStream given,
      StreamListener<PutResult> listener) {
    return () -> listener.onError(Refusals.readOnly("take rows"));
  }

  @Override
  public void getStreamSqlInfo(
      CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
    SqlInfos.send(command.getInfoList(), listener);
  }

  @Override
  public void getStreamTypeInfo(
      CommandGetXdbcTypeInfo command, CallContext context, ServerStreamListener listener) {
    TypeInfos.send(command.hasDataType() ? command.getDataType() : null, allocator, listener);
  }

  @Override
  public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
    listing.catalogs(listener);
  }

  @Override
  public void getStreamSchemas(
      CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
    try {
      listing.schemas(SqlAccess.visitor(), command, listener);
    } catch (ReadException e) {
      listener.error(Refusals.of(e));
    }
  }

  @Override
  public void getStreamTables(
      CommandGetTables command, CallContext context, ServerStreamListener listener) {
    try {
      listing.tables(SqlAccess.visitor(), command, listener);
    } catch (SqlException | ReadException | InterruptedException | RuntimeException e) {
      listener.error(Refusals.of(e));
    }
  }

  @Override
  public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
    listing.tableTypes(listener);
  }

  /** No table has keys. */
  @Override
  public void getStreamPrimaryKeys(
      CommandGetPrimaryKeys command, CallContext context, ServerStreamListener listener) {
    MetadataRows.send(Schemas.GET_PRIMARY_KEYS_SCHEMA, List.of(), allocator, listener);
  }

  @Override
  public void getStreamExportedKeys(
      CommandGetExportedKeys command, CallContext context, ServerStreamListener listener) {
    MetadataRows.send(Schemas.GET_EXPORTED_KEYS_SCHEMA, List.of(), allocator, listener);
  }

  @Override
  public void getStreamImportedKeys(
      CommandGetImportedKeys command, CallContext context, ServerStreamListener listener) {
    MetadataRows.send(Schemas.GET_IMPORTED_KEYS_SCHEMA, List.of(), allocator, listener);
  }

  @Override
  public void getStreamCrossReference(
      CommandGetCrossReference command, CallContext context, ServerStreamListener listener) {
    MetadataRows.send(Schemas.GET_CROSS_REFERENCE_SCHEMA, List.of(), allocator, listener);
  }

  /** Waits for those who read; their calls have been ended. */
  @Override
  public void close() throws InterruptedException {
    reading.shutdown();
    if (!reading.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("a statement did not end when it was told to: its memory is not given back");
    }
  }

  /** What is listed here is asked for by its own command. */
  @Override
  protected <T extends Message> List<FlightEndpoint> determineEndpoints(
      T request, FlightDescriptor descriptor, Schema schema) {
    return List.of(new FlightEndpoint(ticket(request)));
  }

  private static Ticket ticket(Message command) {
    return new Ticket(Any.pack(command).toByteArray());
  }
}
