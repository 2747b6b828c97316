"""`python -m stackferry`, for debugging; users have the `stackferry` script."""

import sys

from stackferry.cli import main

sys.exit(main())
