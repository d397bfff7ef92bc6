package io.sluice.acceptor.receive;

import io.sluice.acceptor.transcode.TranscodeException;
import io.sluice.acceptor.transcode.Transcoded;
import io.sluice.acceptor.transcode.Transcoder;

/** A request's body in JSON, made what it would have been in protobuf. */
final class JsonBody {

  /**
   * Gives the JSON up, whatever becomes of it.
   *
   * @param limit of the bytes in protobuf: no request is larger, in whatever encoding it came
   */
  static Body transcode(Received request, Body.Bytes json, int limit, Ledger ledger) {
    try {
      Transcoded wire =
          Transcoder.transcode(
              request.signal(), json.array(), json.length(), limit, request.held());
      ledger.forgiven(wire.enumNames(), wire.replaced(), wire.unknownFields());
      return new Body.Bytes(wire.array(), wire.length());
    } catch (TranscodeException e) {
      String why = String.valueOf(e.getMessage());
      return new Body.None(
          switch (e.reason()) {
            case MALFORMED -> new Outcome.Malformed(e.where(), why);
            case TOO_LARGE -> new Outcome.TooLarge(why);
            case NO_ROOM -> ByteBudget.NO_ROOM;
          });
    } finally {
      json.release(request.held());
    }
  }

  private JsonBody() {}
}
