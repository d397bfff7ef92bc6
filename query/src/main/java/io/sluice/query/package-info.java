/**
 * A reader's side. In the order of a read: {@link io.sluice.query.Writers} finds the logs and who
 * leads them, {@link io.sluice.query.TableReader} opens what is hot and what is persisted as one
 * exact whole, {@link io.sluice.query.SqlSession} hands it to DuckDB. A library: what serves others
 * is {@link io.sluice.query.flightsql}.
 */
@NullMarked
package io.sluice.query;

import org.jspecify.annotations.NullMarked;
