SELECT service_name, 'traces' AS kind, count(*) AS n FROM traces GROUP BY 1
UNION ALL SELECT service_name, 'logs', count(*) FROM logs GROUP BY 1
UNION ALL SELECT service_name, 'gauge', count(*) FROM metrics_gauge GROUP BY 1
UNION ALL SELECT service_name, 'sum', count(*) FROM metrics_sum GROUP BY 1
UNION ALL SELECT service_name, 'histogram', count(*) FROM metrics_histogram GROUP BY 1
ORDER BY ALL
