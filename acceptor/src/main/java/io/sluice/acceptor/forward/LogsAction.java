package io.sluice.acceptor.forward;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.grpc.MethodDescriptor;
import io.sluice.acceptor.route.Claim;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrow Flight's DoAction with the action {@code logs}: which logs a Writer has, and who leads. */
final class LogsAction {

  static final MethodDescriptor<byte[], byte[]> DO_ACTION =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
          .setFullMethodName("arrow.flight.protocol.FlightService/DoAction")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] TYPE = "logs".getBytes(StandardCharsets.UTF_8);

  /** An Action, whose field 1 is its type. */
  static byte[] request() {
    byte[] request = new byte[2 + TYPE.length];
    request[0] = 1 << 3 | 2;
    request[1] = (byte) TYPE.length;
    System.arraycopy(TYPE, 0, request, 2, TYPE.length);
    return request;
  }

  /**
   * What the Writer says of leaders, log by log; what it does not know is left out.
   *
   * @param result its bytes, a Result whose field 1 is the JSON
   * @param asked where the Writer is reached: that is where it leads, whatever it calls itself
   */
  static List<Claim> claims(byte[] result, HostPort asked) throws MalformedMessageException {
    List<Claim> claims = new ArrayList<>();
    ByteBuffer json = PutMethod.only(result);
    try (JsonParser in =
        JSON.createParser(json.array(), json.arrayOffset() + json.position(), json.remaining())) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedMessageException("cannot read logs of a Writer: no JSON object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean logs = in.currentName().equals("logs");
        JsonToken value = in.nextToken();
        if (!logs || value != JsonToken.START_ARRAY) {
          in.skipChildren();
          continue;
        }
        while (in.nextToken() == JsonToken.START_OBJECT) {
          Claim claim = claim(in, asked);
          if (claim != null) {
            claims.add(claim);
          }
        }
      }
    } catch (IOException e) {
      throw new MalformedMessageException("cannot read logs of a Writer: " + e.getMessage());
    }
    return claims;
  }

  private static @Nullable Claim claim(JsonParser in, HostPort asked) throws IOException {
    int log = -1;
    long term = 0;
    boolean leads = true; // as one that knows no elections does
    HostPort leader = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "number" -> log = in.getIntValue();
        case "term" -> term = in.getLongValue();
        case "leads" -> leads = in.getBooleanValue();
        case "leader" -> leader = value == JsonToken.VALUE_STRING ? address(in.getText()) : null;
        default -> in.skipChildren();
      }
    }
    HostPort claimed = leads ? asked : leader;
    return claimed == null || log < 0 ? null : new Claim(log, term, claimed);
  }

  /** An address that a Writer named; null if it named none. */
  static @Nullable HostPort address(String text) {
    if (text.isBlank()) {
      return null;
    }
    try {
      HostPort address = HostPort.parse(text);
      return address.port() == 0 ? null : address;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return PutMethod.readAll(stream);
    }
  }

  private LogsAction() {}
}
