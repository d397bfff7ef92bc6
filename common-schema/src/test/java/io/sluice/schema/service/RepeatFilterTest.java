package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {

  private final AtomicLong nanos = new AtomicLong();
  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("some.Place");
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void begin() {
    context.addTurboFilter(new RepeatFilter(nanos::get));
    context.getLogger("ROOT").setLevel(Level.INFO);
    logged.start();
    logger.addAppender(logged);
  }

  private List<String> lines() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void ofOneSentenceSoManyAreLoggedAndTheRestIsCountedAndTold() {
    long before = RepeatFilter.suppressed();
    for (int i = 0; i < 100; i++) {
      logger.warn("cannot do {} (again)", i);
    }
    assertThat(lines()).hasSize(RepeatFilter.MOST).startsWith("cannot do 0 (again)");
    assertThat(RepeatFilter.suppressed() - before).isEqualTo(100 - RepeatFilter.MOST);
    nanos.addAndGet(RepeatFilter.PERIOD_NANOS);
    logged.list.clear();
    logger.warn("cannot do {} (again)", 100);
    assertThat(lines())
        .containsExactly("of the next line 80 more were not logged", "cannot do 100 (again)");
  }

  @Test
  void otherSentencesAndOtherPlacesAreNotTouchedByIt() {
    for (int i = 0; i < 100; i++) {
      logger.error("one");
    }
    Logger other = context.getLogger("another.Place");
    other.addAppender(logged);
    logged.list.clear();
    logger.error("two");
    other.error("one");
    assertThat(lines()).containsExactly("two", "one");
  }

  @Test
  void whatIsLoggedForDebuggingIsLeftAlone() {
    context.getLogger("ROOT").setLevel(Level.DEBUG);
    for (int i = 0; i < 100; i++) {
      logger.debug("step {}", i);
    }
    assertThat(lines()).hasSize(100);
  }

  @Test
  void servicesLogThroughIt() throws Exception {
    LoggerContext services = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(services);
    configurator.doConfigure(getClass().getResource("/logback.xml"));
    assertThat(services.getTurboFilterList()).anyMatch(filter -> filter instanceof RepeatFilter);
    services.stop();
  }

  @Test
  void aLevelThatIsNotLoggedCountsNothing() {
    context.getLogger("ROOT").setLevel(Level.ERROR);
    long before = RepeatFilter.suppressed();
    for (int i = 0; i < 100; i++) {
      logger.info("unheard");
    }
    assertThat(lines()).isEmpty();
    assertThat(RepeatFilter.suppressed()).isEqualTo(before);
  }
}
