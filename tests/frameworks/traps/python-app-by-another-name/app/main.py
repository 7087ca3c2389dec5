from core import thing
import my_company_ext
my_company_ext.setup(thing)
