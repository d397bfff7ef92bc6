package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;
import static io.sluice.acceptor.decode.ProtoReader.start;

import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.GroupColumns;
import io.sluice.acceptor.decode.CommonTags.Request;
import io.sluice.acceptor.decode.ProfileTags.ProfilesDictionary;

/**
 * opentelemetry.proto.profiles.v1development.ProfilesDictionary: kept as bytes, once for a request.
 * It comes behind the profiles as a rule, and may come in several parts, so it is read before them.
 */
final class DictionaryDecoder {

  private final ProtoReader in;
  private final ShapeCheck check;
  private final Dictionary dictionary;
  private final GroupColumns group;

  DictionaryDecoder(ProtoReader in, ShapeCheck check, Dictionary dictionary, GroupColumns group) {
    this.in = in;
    this.check = check;
    this.dictionary = dictionary;
    this.group = group;
  }

  /**
   * Reads the dictionary of the request that the reader is at the start of, and goes back there.
   *
   * @return false if something in it is nested too deep
   */
  boolean dictionary() {
    int from = in.pos;
    int to = in.end;
    BytesColumn out = group.nextDictionary();
    boolean present = false;
    boolean whole = true;
    while (in.next()) {
      if (in.tag == Request.DICTIONARY) {
        long range = in.range();
        BytesColumn.append(out.data(), in.buf, start(range), length(range));
        int next = in.pos;
        in.at(start(range), next);
        whole &= entries();
        in.at(next, to);
        present = true;
      } else {
        in.pass();
      }
    }
    if (present) {
      out.endValue();
    } else {
      out.addNull();
    }
    in.at(from, to);
    return whole;
  }

  private boolean entries() {
    try {
      while (in.next()) {
        Shape shape = ProfileShapes.DICTIONARY.field(in.tag);
        if (in.tag == ProfilesDictionary.STRING_TABLE) {
          dictionary.addString(in.range());
        } else if (shape == null) {
          in.pass();
        } else {
          entry(in.tag == ProfilesDictionary.ATTRIBUTE_TABLE, shape);
        }
      }
      return true;
    } catch (TooDeepException e) {
      return false;
    }
  }

  private void entry(boolean attribute, Shape shape) {
    int at = in.pos;
    check.field(shape);
    if (attribute) {
      int next = in.pos;
      in.at(at, in.end);
      dictionary.addAttribute(in.range());
      in.at(next, in.end);
    }
  }
}
