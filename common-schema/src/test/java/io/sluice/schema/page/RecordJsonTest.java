package io.sluice.schema.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RecordJsonTest {

  private enum Kind {
    VERY_BAD
  }

  private record Inner(String text, Kind kind) {}

  private record Outer(
      long count, double share, boolean leads, @Nullable String absent, List<Inner> all) {}

  private record Odd(Object value) {}

  private static String json(Record value) throws Exception {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      RecordJson.write(out, value);
    }
    return text.toString();
  }

  @Test
  void recordsAreObjectsAndWhatIsNullIsLeftOut() throws Exception {
    assertThat(json(new Outer(7, 0.5, true, null, List.of(new Inner("a\n\"b", Kind.VERY_BAD)))))
        .isEqualTo(
            "{\"count\":7,\"share\":0.5,\"leads\":true,\"all\":[{\"text\":\"a\\n\\\"b\",\"kind\":\"very_bad\"}]}");
  }

  @Test
  void whatIsNoRecordListTextOrNumberIsABug() {
    assertThatThrownBy(() -> json(new Odd(new Object())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
