package io.sluice.acceptor.decode;

/** Reads messages that are kept as bytes, so that malformed ones do not pass. */
final class ShapeCheck {

  private final ProtoReader in;
  private final int levels;

  /**
   * @param levels AnyValues inside each other, at most
   */
  ShapeCheck(ProtoReader in, int levels) {
    this.in = in;
    this.levels = levels;
  }

  /**
   * Passes a field that has this shape.
   *
   * @throws MalformedRequestException if it is not protobuf
   * @throws TooDeepException if values are nested too deep in it
   */
  void field(Shape shape) {
    field(shape, 0);
  }

  private void field(Shape shape, int around) {
    int outer = in.enter();
    if (shape == Shape.VARINTS) {
      while (!in.atEnd()) {
        in.varint();
      }
    } else if (shape == Shape.FIXED64S) {
      while (!in.atEnd()) {
        in.fixed64();
      }
    } else {
      message(shape, around);
    }
    in.leave(outer);
  }

  private void message(Shape shape, int around) {
    int level = shape == ProfileShapes.ANY_VALUE ? around + 1 : around;
    if (level > levels) {
      throw new TooDeepException();
    }
    while (in.next()) {
      Shape inside = shape.field(in.tag);
      if (inside == null) {
        in.pass();
      } else {
        field(inside, level);
      }
    }
  }
}
