package io.sluice.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.figures.FlatPoint.Line;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FlatPictureTest {

  private static final Cost PLAIN = new Cost(4, 6, 1, 1, 1);
  private static final List<FlatPoint> POINTS =
      List.of(
          point(Line.CONNECTIONS, 2, 1.01),
          point(Line.CONNECTIONS, 8, 1.05),
          point(Line.TENANTS, 4, 1.1),
          point(Line.TENANTS, 64, 2.6),
          point(Line.SERVICES, 10, 1),
          point(Line.VALUES, 10, 1.2),
          point(Line.AMOUNT, 10, 0.9),
          point(Line.HOURS, 6, 1),
          point(Line.HOURS, 24, 1.02));

  private static FlatPoint point(Line line, double times, double ratio) {
    return new FlatPoint(line, times, new Cost(4 * ratio, 6 * ratio, 1, 1, 1), PLAIN, PLAIN);
  }

  @Test
  void eachLineBeginsAtThePlainLoadAndNamesItself() throws Exception {
    Document picture = read(FlatPicture.of(POINTS, 0.95, 1.07));
    NodeList lines = picture.getElementsByTagName("polyline");

    assertThat(lines.getLength()).isEqualTo(Line.values().length);
    List<String> begins = new ArrayList<>();
    for (int i = 0; i < lines.getLength(); i++) {
      begins.add(((Element) lines.item(i)).getAttribute("points").split(" ")[0]);
    }
    assertThat(begins.subList(0, 5)).as("times as much").containsOnly(begins.get(0));
    assertThat(picture.getDocumentElement().getTextContent())
        .contains("connections", "tenants", "services", "values of attributes", "data")
        .contains("hours of flushes", "asked: ≤ 1.25", "CPU a span / plain load");
  }

  @Test
  void whatCostsMoreIsHigherAndAllIsWithinThePicture() throws Exception {
    Document picture = read(FlatPicture.of(POINTS, 0.95, 1.07));
    Element tenants = (Element) picture.getElementsByTagName("polyline").item(1);
    String[] points = tenants.getAttribute("points").split(" ");

    assertThat(points).hasSize(3);
    assertThat(y(points[2])).isLessThan(y(points[1])).isGreaterThan(70);
    assertThat(y(points[1])).isLessThan(y(points[0])).isLessThan(350);
    assertThat(x(points[2])).isEqualTo(550.0);
    double perUnit = (y(points[0]) - y(points[2])) / 1.6;
    assertThat(y(points[0]) + perUnit).as("nothing costs nothing").isBetween(349.0, 351.0);
  }

  @Test
  void whatWasNotMeasuredHasNoLine() throws Exception {
    Document picture = read(FlatPicture.of(POINTS.subList(0, 2), 1, 1));

    assertThat(picture.getElementsByTagName("polyline").getLength()).isEqualTo(1);
  }

  private static double x(String point) {
    return Double.parseDouble(point.substring(0, point.indexOf(',')));
  }

  private static double y(String point) {
    return Double.parseDouble(point.substring(point.indexOf(',') + 1));
  }

  private static Document read(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
