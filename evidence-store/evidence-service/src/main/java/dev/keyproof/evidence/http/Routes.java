package dev.keyproof.evidence.http;

import java.util.List;

/** Endpoints that belong together. */
public sealed interface Routes
        permits CaseRoutes,
                DirectoryRoutes,
                LogRoutes,
                PackRoutes,
                RecordRoutes,
                RetentionRoutes,
                StateRoutes,
                UpkeepRoutes {
    /** Those endpoints; no two of the service share method and path. */
    List<Route> routes();
}
