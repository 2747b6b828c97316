"""`python -m stackferry`, for debugging; users have the `stackferry` script."""

import sys

from stackferry.start import main

sys.exit(main())
