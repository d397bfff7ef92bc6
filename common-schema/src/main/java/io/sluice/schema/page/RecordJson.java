package io.sluice.schema.page;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON objects, their components as fields; what is null is left out. Enums are their
 * names in lower case.
 */
final class RecordJson {

  /** Its components and how they are read: looked up once for each class. */
  private static final ClassValue<Method[]> READERS =
      new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
          RecordComponent[] components = type.getRecordComponents();
          Method[] readers = new Method[components.length];
          for (int i = 0; i < components.length; i++) {
            readers[i] = components[i].getAccessor();
            readers[i].setAccessible(true); // of other packages, which need not show them
          }
          return readers;
        }
      };

  static void write(JsonGenerator out, Record value) throws IOException {
    out.writeStartObject();
    for (Method reader : READERS.get(value.getClass())) {
      Object field = read(reader, value);
      if (field != null) {
        out.writeFieldName(reader.getName());
        writeValue(out, field);
      }
    }
    out.writeEndObject();
  }

  private static void writeValue(JsonGenerator out, Object value) throws IOException {
    if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Number number) {
      out.writeNumber(number.longValue());
    } else if (value instanceof Enum<?> name) {
      out.writeString(name.name().toLowerCase(Locale.ROOT));
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object each : list) {
        writeValue(out, each);
      }
      out.writeEndArray();
    } else if (value instanceof Record object) {
      write(out, object);
    } else {
      throw new IllegalArgumentException("cannot write %s as JSON".formatted(value.getClass()));
    }
  }

  private static @Nullable Object read(Method reader, Record of) {
    try {
      return reader.invoke(of);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + reader, e);
    }
  }

  private RecordJson() {}
}
