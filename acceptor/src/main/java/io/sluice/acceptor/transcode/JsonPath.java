package io.sluice.acceptor.transcode;

/** Where in a request something is, as resourceSpans[0].scopeSpans[0].spans[3].traceId. */
final class JsonPath {

  /** Of a deep path so much is shown of its beginning and of its end. */
  private static final int SHOWN = 10;

  /** The path to the field at hand; empty at the request's top. */
  static String of(Frame[] frames, int depth) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      if (i == SHOWN && depth > 2 * SHOWN) {
        out.append(" ... ");
        i = depth - SHOWN;
      }
      append(frames[i], i > 0, out);
    }
    return out.toString();
  }

  private static void append(Frame frame, boolean inner, StringBuilder out) {
    Field field = frame.field;
    if (field == null) {
      return;
    }
    out.append(inner ? "." : "").append(field.name());
    if (frame.inList()) {
      out.append('[').append(frame.index()).append(']');
    }
  }

  private JsonPath() {}
}
