"""Past records from the old platform's workbook (往期记录): read, looked at row by row, then filed in one go.

`words` knows the columns and types, `reading` the cells, `plan` the branch, `writing` files what the plan says.
"""
